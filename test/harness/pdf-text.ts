import { inflateSync } from 'node:zlib';

/**
 * What a reader program finds in a PDF of ours: the glyphs of each text operator, mapped to characters by the table that the
 * document itself carries (ToUnicode). Nothing of the program that wrote it is used.
 */
export function pdfText(pdf: Buffer): string {
  const streams = [...inflated(pdf)];
  const characters = new Map(streams.flatMap(mappingsOf));
  return streams
    .flatMap((stream) => [...stream.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/gi)])
    .map(([, shown = '']) =>
      [...shown.matchAll(/<([0-9a-f]*)>/gi)]
        .flatMap(([, glyphs = '']) => glyphs.match(/.{4}/g) ?? [])
        .map((glyph) => characters.get(parseInt(glyph, 16)) ?? '?')
        .join(''),
    )
    .join('\n');
}

function* inflated(pdf: Buffer): Generator<string> {
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    const end = pdf.indexOf('endstream', at);
    try {
      yield inflateSync(pdf.subarray(at + 7, end)).toString('latin1');
    } catch {
      // Not a compressed stream: a font, or the word itself in one.
    }
  }
}

function mappingsOf(stream: string): [number, string][] {
  return [...stream.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[([^\]]*)\]/gi)].flatMap(([, first = '', , list = '']) =>
    [...list.matchAll(/<([0-9a-f ]+)>/gi)].map(([, codes = ''], index): [number, string] => [
      parseInt(first, 16) + index,
      Buffer.from(codes.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
    ]),
  );
}
