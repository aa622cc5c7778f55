/** Whoever has not answered by then is asked again later. */
const PATIENCE_MS = 3_000;

/** Posts to an address that whoever runs this has configured. Errors: it did not answer in time, or with no 2xx. */
export async function postJson(url: string, body: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
    // It goes to one address and to no other that this one names.
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
}
