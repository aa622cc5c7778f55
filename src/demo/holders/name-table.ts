export interface NamePart {
  readonly kanji: string;
  readonly kana: string;
  readonly romaji: string;
}

/** One name per line: kanji, katakana, romaji. */
export function namesIn(table: string): readonly NamePart[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [kanji = '', kana = '', romaji = ''] = line.split(' ');
      return { kanji, kana, romaji };
    });
}
