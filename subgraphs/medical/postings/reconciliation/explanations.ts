/** What probably happened, and what is to be done about it. */
export interface Explanation {
  /** Stable, for programs: `SETTLED_ELSEWHERE`. */
  readonly code: string;
  readonly cause: Bilingual;
  readonly advice: Bilingual;
}

interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export const NOT_BOOKED: Explanation = {
  code: 'NOT_BOOKED',
  cause: {
    en: 'Settled through this gateway and known to the platform; the hospital has not booked it.',
    zh: '已通过本平台结算，中心有账，医院未入账。',
  },
  advice: {
    en: 'Book it at the hospital with the amounts shown; its result can be fetched by its document.',
    zh: '请医院按所列金额补记，可按单据号取回结算结果。',
  },
};

export const SETTLED_ELSEWHERE: Explanation = {
  code: 'SETTLED_ELSEWHERE',
  cause: {
    en: 'The hospital and the platform have it; it was settled by another way than this gateway.',
    zh: '医院与中心均有账，本平台无记录：系通过其他途径结算。',
  },
  advice: {
    en: 'Nothing is to be corrected at the platform; ask the hospital by which system it was settled.',
    zh: '中心账目无需更正，请医院核实结算途径。',
  },
};

export const ONLY_AT_THE_PLATFORM: Explanation = {
  code: 'ONLY_AT_THE_PLATFORM',
  cause: {
    en: 'Only the platform has it: settled by another way and not booked, or done after its reversal was refused.',
    zh: '仅中心有账：可能经其他途径结算而未入账，或超时后中心仍已办理。',
  },
  advice: {
    en: 'Look for the visit at the hospital. Book it if the patient was settled; else have it cancelled at the platform (2305).',
    zh: '请医院按就诊ID核查：确已结算的补记，否则在中心撤销结算（2305）。',
  },
};

export const VANISHED: Explanation = {
  code: 'NOT_AT_THE_PLATFORM',
  cause: {
    en: 'It was settled through this gateway and is not in the centre’s books of this period: reversed or cancelled at the platform by hand.',
    zh: '本平台已结算，中心本期无账：可能已在中心冲正或撤销。',
  },
  advice: {
    en: 'Ask the platform for the settlement by its id (5203) before anything is booked or settled again.',
    zh: '请先按结算ID向中心查询（5203），查明前不要冲账或重新结算。',
  },
};

export const NEVER_POSTED: Explanation = {
  code: 'NEVER_POSTED',
  cause: {
    en: 'Only the hospital has it: it was booked there and never posted.',
    zh: '仅医院有账：医院已入账，从未报送。',
  },
  advice: { en: 'Post the document, or take the booking back.', zh: '请补报该单据，或冲销该笔账目。' },
};

export const BOOKED_THOUGH_REFUSED: Explanation = {
  code: 'BOOKED_THOUGH_REFUSED',
  cause: {
    en: 'The hospital has booked it, but its posting was refused or taken back.',
    zh: '医院已入账，但该报送未成功或已撤销。',
  },
  advice: {
    en: 'Take the booking back, or correct the document and post its next version.',
    zh: '请冲销该笔账目，或更正后按新版本重新报送。',
  },
};

export const NOT_SETTLED_YET: Explanation = {
  code: 'NOT_SETTLED_YET',
  cause: {
    en: 'The hospital has booked it, but its posting has not come to an end.',
    zh: '医院已入账，但该报送尚未办结。',
  },
  advice: {
    en: 'Wait for its end or look at the work list; reconcile the day again afterwards.',
    zh: '请等待办结或查看待处理清单，之后重新对账。',
  },
};

export const NOT_FOUND_OUT_YET: Explanation = {
  code: 'NOT_FOUND_OUT_YET',
  cause: {
    en: 'The platform has settled it; the answer was lost, and its posting is still open here.',
    zh: '中心已结算，应答丢失，该报送在本平台尚未办结。',
  },
  advice: {
    en: 'Look at its posting, on the work list if it is there; do not settle it again.',
    zh: '请查看该报送或待处理清单，不要重新结算。',
  },
};

export const OUTSIDE_THE_PERIOD: Explanation = {
  code: 'OUTSIDE_THE_PERIOD',
  cause: {
    en: 'The hospital has it in this period, but it was settled on a day outside of it.',
    zh: '医院计入本期，但实际结算日期不在本期内。',
  },
  advice: { en: 'Move the booking to the day of the settlement.', zh: '请将该笔账目调整到实际结算日。' },
};

export const TWICE_AT_THE_PLATFORM: Explanation = {
  code: 'TWICE_AT_THE_PLATFORM',
  cause: { en: 'The centre lists the same settlement more than once.', zh: '中心重复列示同一结算。' },
  advice: { en: 'Report it to the platform with both lines.', zh: '请将两行记录一并报告中心。' },
};

export const TWICE_IN_THE_BOOKS: Explanation = {
  code: 'TWICE_IN_THE_BOOKS',
  cause: {
    en: 'The same settlement stands more than once in these books; the platform has it once.',
    zh: '同一结算在该方账目中重复，中心仅一笔。',
  },
  advice: { en: 'Remove the second booking.', zh: '请冲销重复的账目。' },
};

export const AMOUNT_AT_THE_HOSPITAL: Explanation = {
  code: 'AMOUNT_AT_THE_HOSPITAL',
  cause: {
    en: 'The hospital has booked another amount than was settled: changed after settling, or booked from the trial.',
    zh: '医院入账金额与结算金额不一致：可能结算后修改，或按预结算入账。',
  },
  advice: { en: 'Correct the booking to the platform’s amounts.', zh: '请按中心金额更正账目。' },
};

export const AMOUNT_HERE: Explanation = {
  code: 'AMOUNT_HERE',
  cause: {
    en: 'The platform shows other amounts now than it answered when it settled.',
    zh: '中心现有金额与结算时返回的金额不一致。',
  },
  advice: {
    en: 'Ask the platform for the settlement (5203) and report the difference to it; change nothing before.',
    zh: '请向中心查询该结算（5203）并报告差异，查明前不作更改。',
  },
};

export const OTHER_DAY: Explanation = {
  code: 'OTHER_DAY',
  cause: {
    en: 'The same settlement is booked on another day: settled around midnight, or booked late.',
    zh: '同一结算入账日期不同：可能在零点前后结算，或延后入账。',
  },
  advice: { en: 'Move the booking to the platform’s day.', zh: '请调整到中心的结算日。' },
};

export const REFUND_NOT_BOOKED: Explanation = {
  code: 'REFUND_NOT_BOOKED',
  cause: { en: 'It is cancelled at the platform; these books still have it.', zh: '中心已退费，该方仍列为有效。' },
  advice: {
    en: 'Find out who cancelled it, then book the refund.',
    zh: '请查明退费经办人后补记退费。',
  },
};

export const REFUND_NOT_AT_THE_PLATFORM: Explanation = {
  code: 'REFUND_NOT_AT_THE_PLATFORM',
  cause: {
    en: 'These books have it as cancelled; it still stands at the platform.',
    zh: '该方已作退费，中心仍为有效结算。',
  },
  advice: {
    en: 'Cancel the posting here, which cancels the settlement at the platform, or take the refund back.',
    zh: '请在本平台撤销该报送（同时撤销中心结算），或冲销退费账目。',
  },
};

export const SECOND_SETTLEMENT: Explanation = {
  code: 'SECOND_SETTLEMENT',
  cause: {
    en: 'Another settlement of the same visit stands at the platform: settled twice, or part of the stay by agreement.',
    zh: '同一次就诊在中心另有有效结算：可能重复结算，或属中途结算。',
  },
  advice: {
    en: 'Unless the stay was settled in parts, cancel the one that the hospital did not mean (2305).',
    zh: '如非中途结算，请撤销其中误结的一笔（2305）。',
  },
};

export const TWICE_AND_NOT_AT_THE_PLATFORM: Explanation = {
  code: 'TWICE_AND_NOT_AT_THE_PLATFORM',
  cause: {
    en: 'It stands more than once in these books, and the platform does not have it.',
    zh: '同一单据在该方账目中重复，且中心无账。',
  },
  advice: {
    en: 'Remove the second booking, then find out what became of the first.',
    zh: '请先冲销重复的账目，再核实其余一笔。',
  },
};
