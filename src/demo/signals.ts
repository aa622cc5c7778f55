/**
 * Aborted by Ctrl-C, or by being asked to end otherwise. Asking again does not hurry it, because a server and a database
 * have to be ended first, which takes some seconds and must not be left half done.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.stderr.write(
        controller.signal.aborted
          ? 'Still ending the server and the database…\n'
          : '\nEnding the server and the database…\n',
      );
      controller.abort(new Error(`ended by ${signal}`));
    });
  }
  return controller.signal;
}
