import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lanes } from '../../../src/stages/5-check/lanes.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const light = { seconds: 1, memoryMiB: 1 };

describe('lanes', () => {
  test('run no more at a time than there are', async () => {
    const lanes = new Lanes(2);
    let now = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await tick();
      now -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => lanes.run(light, work)));
    expect(most).toBe(2);
  });

  test('start what takes longest first', async () => {
    const lanes = new Lanes(1);
    const order: number[] = [];
    const first = lanes.run({ ...light, seconds: 0 }, tick);
    await Promise.all([
      first,
      ...[1, 5, 3].map((seconds) => lanes.run({ ...light, seconds }, async () => void order.push(seconds))),
    ]);
    expect(order).toEqual([5, 3, 1]);
  });

  test('hold no more memory at a time than there is, whatever asks, and run what needs more with nothing beside it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ seconds: fc.nat(9), memoryMiB: fc.nat(14) }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (loads, count) => {
          const lanes = new Lanes(count, 10);
          const now = new Set<number>();
          let done = 0;
          await Promise.all(
            loads.map((load, index) =>
              lanes.run(load, async () => {
                now.add(index);
                const used = [...now].reduce((sum, other) => sum + (loads[other]?.memoryMiB ?? 0), 0);
                if (now.size > count || (used > 10 && now.size > 1))
                  throw new Error(`${now.size} at a time, with ${used} MiB`);
                await tick();
                now.delete(index);
                done += 1;
              }),
            ),
          );
          expect(done).toBe(loads.length);
        },
      ),
    );
  });

  test('let one run alone, while nothing else does, also when several ask', async () => {
    const lanes = new Lanes(3);
    let now = 0;
    const beside: number[] = [];
    const busy = async (): Promise<void> => {
      now += 1;
      await tick();
      now -= 1;
    };
    const asking = (): Promise<void> =>
      lanes.run(light, async () => {
        await busy();
        await lanes.alone(async () => {
          beside.push(now);
          await tick();
          beside.push(now);
        });
        await busy();
      });
    await Promise.all([
      asking(),
      lanes.run(light, busy),
      asking(),
      asking(),
      lanes.run(light, busy),
      lanes.run(light, busy),
    ]);
    expect(beside).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test.each([
    [1, 'when nothing else waits'],
    [8, 'before what waits, when many ask'],
  ])('let %i run alone, one after the other, %s', async (many) => {
    const lanes = new Lanes(many);
    const order: string[] = [];
    const asking = lanes.run.bind(lanes, { ...light, seconds: 9 }, () =>
      lanes.alone(async () => void order.push('alone')),
    );
    const other = async (): Promise<void> => {
      await tick();
      order.push('other');
    };
    await Promise.all([
      ...Array.from({ length: many }, asking),
      ...Array.from({ length: 20 }, () => lanes.run(light, other)),
    ]);
    const first = order.indexOf('alone');
    expect(order.slice(first, first + many)).toEqual(Array.from({ length: many }, () => 'alone'));
    expect(order.at(-1)).toBe(many === 1 ? 'alone' : 'other');
  });

  test('let those run alone who hold the memory that others wait for', async () => {
    const lanes = new Lanes(2, 10);
    const order: string[] = [];
    const large = { seconds: 9, memoryMiB: 8 };
    await Promise.all([
      lanes.run(large, () => lanes.alone(async () => void order.push('alone'))),
      lanes.run({ ...large, seconds: 1 }, async () => void order.push('other')),
    ]);
    expect(order).toEqual(['alone', 'other']);
  });

  test('go on when a check rejects', async () => {
    const lanes = new Lanes(1);
    await expect(lanes.run(light, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await expect(lanes.run(light, () => lanes.alone(() => Promise.reject(new Error('y'))))).rejects.toThrow('y');
    await expect(lanes.run(light, () => Promise.resolve('on'))).resolves.toBe('on');
  });
});
