import fc from 'fast-check';
import {
  findLeaf,
  GrowingTree,
  LeafRefused,
  NODE_BYTES,
  pathOf,
  splitLeaves,
  sumsJson,
  type Piece,
  type Tree,
} from '../../src/proof/merkle-sum.js';
import {
  encodeSums,
  FORMAT,
  LIMIT,
  verifyProof,
  wordsOf,
  type Proof,
  type Sums,
} from '../../src/proof/verify-proof.js';

const SECRET = Buffer.alloc(32, 7);
const POSITIONS: Sums[] = [
  [1_234_500_000n, 109_314n, 109_314n],
  [5n, 0n, 0n],
  [777_777_777n, 68_871n, 0n],
];

interface Built {
  readonly tree: Tree;
  readonly leaves: Buffer;
  readonly pieces: readonly Piece[];
}

function inOrder(nodes: Buffer): Buffer {
  const leaves = Array.from({ length: nodes.length / NODE_BYTES }, (_, nth) =>
    nodes.subarray(nth * NODE_BYTES, (nth + 1) * NODE_BYTES),
  );
  return Buffer.concat(leaves.sort((left, right) => left.compare(right)));
}

/** Both leaves of a customer as nodes, one after the other. */
function leafNodes(secret: Buffer, customerNo: string, amounts: Sums): Buffer {
  return Buffer.concat(splitLeaves(secret, customerNo, amounts).flatMap(({ hash, sums }) => [hash, encodeSums(sums)]));
}

function built(positions: readonly Sums[], secret = SECRET): Built {
  const leaves = inOrder(Buffer.concat(positions.map((amounts, nth) => leafNodes(secret, `C${nth}`, amounts))));
  const growing = new GrowingTree();
  const whole = growing.add(leaves);
  const { tree, rest } = growing.finish();
  return { tree, leaves, pieces: [...whole, ...rest] };
}

function proofOf({ tree, leaves, pieces }: Built, nth: number, amounts: Sums, secret = SECRET): Proof {
  return {
    format: FORMAT,
    customerNo: `C${nth}`,
    root: tree.root.toString('hex'),
    leafCount: tree.leafCount,
    totals: sumsJson(tree.totals),
    parts: splitLeaves(secret, `C${nth}`, amounts).map(({ salt, sums, hash }) => {
      const index = findLeaf(leaves, hash);
      const path = pathOf(
        index,
        tree.leafCount,
        (level, seq) => pieces.find((piece) => piece.level === level && piece.seq === seq)?.nodes ?? Buffer.alloc(0),
      );
      return { index, salt: salt.toString('hex'), ...sumsJson(sums), path };
    }),
  };
}

/** A deep copy whose parts may be written to. */
interface Forged {
  root: string;
  customerNo: string;
  leafCount: number;
  totals: Record<string, string>;
  parts: { index: number; salt: string; claimJpy: string; path: Record<string, string>[] }[];
}
const forged = (change: (proof: Forged) => void): unknown => {
  const copy = structuredClone(proofOf(built(POSITIONS), 0, POSITIONS[0] ?? [0n, 0n, 0n])) as unknown as Forged;
  change(copy);
  return copy;
};
const refused = (reason: string) => ({ counted: false, reason });
const first = <T>(items: T[]): T => {
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
};

const amounts = fc.tuple(
  fc.bigInt({ min: 0n, max: 10n ** 15n }),
  fc.bigInt({ min: 0n, max: 10n ** 11n }),
  fc.bigInt({ min: 0n, max: 10n ** 11n }),
);

describe('a Merkle-sum tree and its verifier', () => {
  it('agree on fixed figures for ever', () => {
    expect(built(POSITIONS).tree.root.toString('hex')).toMatchInlineSnapshot(
      `"de5b408275eafdc84489c61c082309ba45eaa69a284a4c1fe96176bae8aced34"`,
    );
    expect(splitLeaves(SECRET, 'C0', POSITIONS[0] ?? [0n, 0n, 0n]).map(({ hash }) => hash.toString('hex')))
      .toMatchInlineSnapshot(`
     [
       "6d1d35e011a362d3fb871a01acd791c4d4e7b4f83802b46a9125a2191afd3600",
       "0c4f57a49ee394ee9d9de13be87927dc3e745b70d03f82cd996f713e8b419996",
     ]
    `);
  });

  it('say in plain words what is counted', async () => {
    const verdict = await verifyProof(
      forged(() => undefined),
      null,
    );
    expect(wordsOf(verdict, 'en')).toContain('Your 1,234.5 XEM are counted in 2,012.277782.');
    expect(wordsOf(verdict, 'en')).toContain('Your 109,314 yen credited are counted in the total paid, 109,314.');
    expect(wordsOf(verdict, 'ja')).toContain('お客様の 1,234.5 XEM は、合計 2,012.277782 XEM に含まれています。');
  });

  it('prove everyone, with the sums of all, for any positions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(amounts, { minLength: 1, maxLength: 40 }), async (positions) => {
        const whole = built(positions);
        const totals = positions.reduce<Sums>(([a, b, c], [d, e, f]) => [a + d, b + e, c + f], [0n, 0n, 0n]);
        for (const [nth, own] of positions.entries()) {
          const proof = proofOf(whole, nth, own);
          expect(await verifyProof(proof, proof.root)).toEqual({ counted: true, own, totals, root: proof.root });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('prove the first and last leaf of trees around the size of a stored piece', async () => {
    for (const count of [127, 128, 129, 256, 300]) {
      const positions = Array.from({ length: count }, (_, nth): Sums => [BigInt(nth), 1n, 0n]);
      const whole = built(positions);
      for (const [nth, own] of positions.entries())
        expect(await verifyProof(proofOf(whole, nth, own), whole.tree.root.toString('hex'))).toMatchObject({ own });
    }
  });

  it('prove some of a tree so large that its pieces are in pieces again', async () => {
    const positions = Array.from({ length: 33_000 }, (_, nth): Sums => [BigInt(nth), 1n, 0n]);
    const whole = built(positions);
    expect(Math.max(...whole.pieces.map(({ level }) => level))).toBe(2);
    for (const nth of [0, 1, 16_383, 32_999])
      expect(
        await verifyProof(proofOf(whole, nth, [BigInt(nth), 1n, 0n]), whole.tree.root.toString('hex')),
      ).toMatchObject({ counted: true, totals: [(32_999n * 33_000n) / 2n, 33_000n, 0n] });
  });

  it('show a neighbour no whole amount and no order of customers', () => {
    const whole = built([
      [10n ** 12n, 10n ** 9n, 0n],
      [3n * 10n ** 12n, 10n ** 8n, 0n],
    ]);
    const shown = proofOf(whole, 0, [10n ** 12n, 10n ** 9n, 0n]).parts.map(({ path }) => path[0]?.quantityMicroXem);
    expect(shown).not.toContain((3n * 10n ** 12n).toString());
  });
});

describe('refused', () => {
  it('a tampered path', async () => {
    const proof = forged(({ parts }) => {
      first(first(parts).path)['hash'] = 'ab'.repeat(32);
    });
    expect(await verifyProof(proof, null)).toEqual(refused('root_wrong'));
  });

  it('any single changed digit of any hash, salt or amount', async () => {
    const text = JSON.stringify(forged(() => undefined));
    const places = [...text.matchAll(/[0-9a-f](?=[0-9a-f]*")/g)].map(({ index }) => index);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...'0123456789'), async (at, digit) => {
        fc.pre(text[at] !== digit);
        const changed: unknown = JSON.parse(text.slice(0, at) + digit + text.slice(at + 1));
        fc.pre(
          JSON.stringify(Object.keys(changed as object)) === JSON.stringify(Object.keys(JSON.parse(text) as object)),
        );
        expect((await verifyProof(changed, null)).counted).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('a wrong sum of the customer, of a sibling, or in total', async () => {
    const own = forged(({ parts }) => (first(parts).claimJpy = '1'));
    const sibling = forged(({ parts }) => (first(first(parts).path)['claimJpy'] = '1'));
    const total = forged(({ totals }) => (totals['claimJpy'] = '999999'));
    for (const proof of [own, sibling, total]) expect(await verifyProof(proof, null)).toEqual(refused('root_wrong'));
  });

  it('a doubled leaf: in the proof, and in the tree', async () => {
    const proof = forged(({ parts }) => parts.splice(1, 1, first(parts)));
    expect(await verifyProof(proof, null)).toEqual(refused('leaf_doubled'));
    const leaves = leafNodes(SECRET, 'C0', [1n, 1n, 1n]);
    expect(() => new GrowingTree().add(inOrder(Buffer.concat([leaves, leaves])))).toThrow(LeafRefused);
  });

  it('a dropped leaf: its owner finds no path, a count that hides it fits nothing', async () => {
    const without = built(POSITIONS.slice(1).map((own) => own));
    const proof = proofOf(built(POSITIONS), 0, POSITIONS[0] ?? [0n, 0n, 0n]);
    const root = without.tree.root.toString('hex');
    expect(await verifyProof({ ...proof, root }, root)).toEqual(refused('root_wrong'));
    expect(await verifyProof({ ...proof, leafCount: 5 }, null)).toMatchObject({ counted: false });
  });

  it('a negative leaf, in the tree and beside the path', async () => {
    expect(() => splitLeaves(SECRET, 'C0', [-1n, 0n, 0n])).toThrow(LeafRefused);
    const proof = forged(({ parts }) => (first(first(parts).path)['creditedJpy'] = '-5'));
    expect(await verifyProof(proof, null)).toEqual(refused('amount_out_of_range'));
  });

  it('sums that overflow, in the tree and beside the path', async () => {
    expect(() =>
      built([
        [LIMIT, 0n, 0n],
        [1n, 0n, 0n],
      ]),
    ).toThrow(LeafRefused);
    const proof = forged(({ parts }) => (first(first(parts).path)['quantityMicroXem'] = LIMIT.toString()));
    expect(await verifyProof(proof, null)).toEqual(refused('amount_out_of_range'));
    const huge = forged(({ parts }) => (first(first(parts).path)['quantityMicroXem'] = '9'.repeat(400)));
    expect(await verifyProof(huge, null)).toEqual(refused('amount_out_of_range'));
  });

  it('a proof from another root', async () => {
    const other = built(POSITIONS, Buffer.alloc(32, 8)).tree.root.toString('hex');
    expect(
      await verifyProof(
        forged(() => undefined),
        other,
      ),
    ).toEqual(refused('root_not_published'));
  });

  it("another customer's proof", async () => {
    expect(
      await verifyProof(
        forged((proof) => (proof.customerNo = 'C1')),
        null,
      ),
    ).toEqual(refused('root_wrong'));
  });

  it('a path that is too short or too long, and what is no proof at all', async () => {
    expect(
      await verifyProof(
        forged(({ parts }) => first(parts).path.pop()),
        null,
      ),
    ).toEqual(refused('shape_wrong'));
    for (const nothing of [null, 1, 'x', [], {}, { parts: [] }])
      expect(await verifyProof(nothing, null)).toEqual(refused('malformed'));
  });
});
