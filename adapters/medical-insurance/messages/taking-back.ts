import { invalidInput } from '../../values/checked.ts';
import type { VisitReference } from '../records/taking-back.ts';
import { type Node, required } from './input-fields.ts';

/** Stands for every row that is not settled. */
const EVERY_ROW = '0000';

/** 2302 住院费用明细撤销 (README, *Taking back*): every row. */
export function everyFeeInput(visit: VisitReference): Node {
  return { data: [feeNode(visit, EVERY_ROW)] };
}

/** 2302, one slice of the rows; `first` is the slice's place among them, for errors. */
export function feesTakenBackInput(visit: VisitReference, serials: readonly string[], first: number): Node {
  return {
    data: serials.map((serial, index) => {
      const at = `rows.${first + index}`;
      if (serial === EVERY_ROW) throw invalidInput(at, 'stands for every row and is no serial of one');
      return feeNode(visit, required(at, serial, 30));
    }),
  };
}

/** 2404 入院撤销 (README, *Taking back*). */
export function admissionCancellationInput(visit: VisitReference): Node {
  return { data: visitFields(visit) };
}

function feeNode(visit: VisitReference, serial: string): Node {
  return { feedetl_sn: serial, ...visitFields(visit) };
}

function visitFields({ visitId, personNumber }: VisitReference): Node {
  return { mdtrt_id: required('visitId', visitId, 30), psn_no: required('personNumber', personNumber, 30) };
}
