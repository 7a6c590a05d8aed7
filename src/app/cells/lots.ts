import { createHmac } from 'node:crypto';
import { cellKey } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';

/**
 * The key from which a cell's lots are drawn: made of the secret of the process and the cell. Knowing it tells nothing
 * of another cell's. It is kept with the grade once that is made, so that grading again draws the same, and never
 * enters the sandbox.
 */
export function lotsOf(secret: Uint8Array, cell: Cell): string {
  return createHmac('sha256', secret).update(cellKey(cell)).digest('hex');
}

/** One lot for a purpose, as 64 hexadecimal digits. */
export function drawnFrom(lots: string, purpose: string): string {
  return createHmac('sha256', lots).update(purpose).digest('hex');
}
