import fc from 'fast-check';
import { emailKey, nameKey, phoneKey, readingKey } from '../../src/holder/search-key.js';

describe('search keys', () => {
  it.each([
    [['髙橋', '高橋', ' 高 橋 '], nameKey],
    [['渡邊', '渡邉', '渡辺'], nameKey],
    [['𠮷田', '吉田'], nameKey],
    [['株式会社山田', '(株)山田', '㈱山田', '山田'], nameKey],
    [['おおの', 'オオノ', 'ｵｵﾉ', 'ohno', 'ono', 'oono', 'Ōno'], readingKey],
    [['さとう', 'サトウ', 'ｻﾄｳ', 'sato', 'satou', 'satoh'], readingKey],
    [['しみず', 'shimizu', 'simizu'], readingKey],
    [['ほんま', 'honma', 'homma'], readingKey],
    [['090-1234-5678', '+81 90 1234 5678', '０９０（１２３４）５６７８', '+81-090-1234-5678'], phoneKey],
    [['Taro@Example.jp', ' taro@example.jp '], emailKey],
  ])('%j are one key', (spellings, key) => {
    expect(new Set(spellings.map(key)).size).toBe(1);
  });

  it('forgive forms of company within each other and marks mixed with romaji', () => {
    expect(nameKey('山田株式株式会社会社')).toBe('山田');
    expect(nameKey('お(カ㈱')).toBe('オ');
    expect(readingKey('oー')).toBe('オ');
  });

  it.each([nameKey, readingKey])(
    '%p says the same of a name as most are written and of one that must be folded',
    (key) => {
      const names = fc
        .array(fc.constantFrom(...'高髙社会株式山ァカガキイシャンオウー ・\u3000'))
        .map((all) => all.join(''));
      // A middle dot is left out, and shows that the name is to be looked at closely.
      fc.assert(fc.property(names, (name) => key(`・${name}`) === key(name)));
      expect(key('・オオノ ガイシャ')).toBe(key('オオノ ガイシャ'));
    },
  );

  it.each([nameKey, readingKey, phoneKey, emailKey])('%p leaves its own results as they are', (key) => {
    const japanese = fc
      .array(fc.constantFrom(...'おオうウーさサとッゃﾀ高髙株式会社㈱()カohnm '))
      .map((all) => all.join(''));
    fc.assert(fc.property(fc.oneof(japanese, fc.string({ unit: 'binary' })), (text) => key(key(text)) === key(text)));
  });
});
