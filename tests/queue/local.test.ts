import { LocalQueue } from '../../src/queue/local.ts';
import { queueTests } from '../support/cell-queue.ts';

queueTests('of one process', () => Promise.resolve(new LocalQueue()));
