import { describe, expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
    await Promise.all(Array.from({ length: 10 }, () => lanes.run(1, work)));
    expect(most).toBe(2);
  });

  test('start the costly ones first', async () => {
    const lanes = new Lanes(1);
    const order: number[] = [];
    const first = lanes.run(0, tick);
    await Promise.all([first, ...[1, 5, 3].map((cost) => lanes.run(cost, async () => void order.push(cost)))]);
    expect(order).toEqual([5, 3, 1]);
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
      lanes.run(1, async () => {
        await busy();
        await lanes.alone(async () => {
          beside.push(now);
          await tick();
          beside.push(now);
        });
        await busy();
      });
    await Promise.all([asking(), lanes.run(1, busy), asking(), asking(), lanes.run(1, busy), lanes.run(1, busy)]);
    expect(beside).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('go on when a check rejects', async () => {
    const lanes = new Lanes(1);
    await expect(lanes.run(1, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await expect(lanes.run(1, () => lanes.alone(() => Promise.reject(new Error('y'))))).rejects.toThrow('y');
    await expect(lanes.run(1, () => Promise.resolve('on'))).resolves.toBe('on');
  });
});
