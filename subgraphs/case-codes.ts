/** The graph's names for the unified acceptance platform's codes (unified-acceptance 3.1 and 3.2). */

export const CASE_STATUS = {
  RECEIVED: '1',
  IN_PROGRESS: '2',
  WAITING_FOR_SUPPLEMENT: '21',
  SUSPENDED: '22',
  CLOSED: '3',
  NOT_ACCEPTED: '47',
  NOT_GRANTED: '44',
  CLOSED_ABNORMALLY: '5',
  VOID: '-1',
} as const;

export const STEP_OUTCOME = {
  DISAGREED: '0',
  AGREED: '1',
  NOT_ACCEPTED: '2',
  ACCEPTANCE_REFUSED: '3',
  ACCEPTED: '4',
  SUPPLEMENT: '5',
  SPECIAL_PROCEDURE: '6',
  RETURNED: '7',
} as const;

export const RESULT_TYPE = {
  GRANTED: '0',
  NOT_GRANTED: '1',
  VOID: '2',
  DELETED: '3',
  PASSED_UP: '4',
  RETURNED: '5',
  NOT_ACCEPTED: '6',
} as const;

export const CASE_CHANNEL = {
  WINDOW: 'window',
  ONLINE: 'online',
  KIOSK: 'kiosk',
  VILLAGE: 'village',
  HOSPITAL: 'hospital',
  BANK: 'bank',
} as const;
