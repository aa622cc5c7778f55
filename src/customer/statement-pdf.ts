import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Statement } from './statement.js';

const FONT = '@expo-google-fonts/biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf';
const MARGIN = 56;
const LABEL_WIDTH = 150;

/** Loaded with the first statement that somebody asks for: server processes that make none do without its megabytes. */
let tools: Promise<readonly [typeof import('pdfkit'), Buffer]> | undefined;

/** A4, Japanese first and then English, with the glyphs it needs embedded, so that it reads the same everywhere. */
export async function statementPdf({ statementNo, lines, notes }: Statement): Promise<Buffer> {
  tools ??= loadTools();
  const [Pdf, font] = await tools;
  const document = new Pdf({
    size: 'A4',
    margin: MARGIN,
    info: { Title: `NEM補償金 計算書 ${statementNo}`, Producer: 'Henkin', Creator: 'Henkin' },
  });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject));
  document.registerFont('text', font);
  for (const language of ['ja', 'en'] as const) {
    if (language === 'en') document.addPage();
    document
      .font('text')
      .fontSize(16)
      .text(language === 'ja' ? 'NEM補償金 計算書' : 'Statement of NEM compensation');
    document
      .fontSize(9)
      .text(`${language === 'ja' ? '文書番号' : 'Statement number'} ${statementNo}`)
      .moveDown(1.5);
    for (const { label, value } of lines) {
      const top = document.y;
      document.fontSize(10).text(label[language], MARGIN, top, { width: LABEL_WIDTH });
      document.text(value[language], MARGIN + LABEL_WIDTH, top).moveDown(0.6);
    }
    document.moveDown(1).fontSize(9);
    for (const note of notes) document.text(note[language], MARGIN).moveDown(0.6);
  }
  document.end();
  await ended;
  return Buffer.concat(pieces);
}

async function loadTools(): Promise<readonly [typeof import('pdfkit'), Buffer]> {
  const [{ default: Pdf }, font] = await Promise.all([
    import('pdfkit'),
    readFile(createRequire(import.meta.url).resolve(FONT)),
  ]);
  return [Pdf, font];
}
