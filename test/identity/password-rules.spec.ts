import fc from 'fast-check';
import { MAX_PASSWORD_BYTES, passwordFlaw } from '../../src/identity/password.rules.js';
import { hashPassword, passwordMatches } from '../../src/identity/passwords.js';

describe('password rules', () => {
  it('accept every password of 8 or more characters that is neither poor in characters nor the login or product', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 12, maxLength: 64 }), (password) => {
        fc.pre(new Set(password).size >= 4 && !/henkin|k\.tanaka/i.test(password));
        expect(passwordFlaw(password, 'k.tanaka')).toBeNull();
      }),
    );
  });

  it('count characters, not bytes or halves of characters', () => {
    expect(passwordFlaw('𠮷野家で牛丼大', 'k.tanaka')).toBe('too_short');
    expect(passwordFlaw('𠮷野家で牛丼大盛', 'k.tanaka')).toBeNull();
  });

  it('refuse what says the login or product, in any letter case and however often, unless enough else is left', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 0, maxLength: 7 }),
        fc.constantFrom('k.tanaka', 'K.TANAKA', 'Henkin', 'HENKINhenkin'),
        (rest, said) => {
          expect(passwordFlaw(`${said}${rest}`, 'k.tanaka')).not.toBeNull();
        },
      ),
    );
    expect(passwordFlaw('henkin pays everybody back', 'k.tanaka')).toBeNull();
  });

  it('compare whole passwords, up to the longest that is accepted', async () => {
    const longest = 'x'.repeat(MAX_PASSWORD_BYTES);
    const hash = await hashPassword(longest);
    expect(await passwordMatches(hash, longest)).toBe(true);
    expect(await passwordMatches(hash, longest.slice(1))).toBe(false);
    expect(await passwordMatches(null, longest)).toBe(false);
  });
});
