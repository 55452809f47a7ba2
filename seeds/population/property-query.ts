import type { PropertySeed } from '../model.ts';
import { compactDate, dayOfMoment, type Moment } from './calendar.ts';
import type { CaseCourse } from './case-course.ts';
import { openCase } from './case-file.ts';
import type { Life } from './life.ts';
import { propertyValues } from './property.ts';

export interface PropertyQueryPlan extends Pick<CaseCourse, 'channel' | 'office' | 'acceptedAt' | 'visitsMade'> {
  readonly property: PropertySeed;
  readonly printedAt: Moment;
}

/** A resident asks the registry about a property (S03) and has the answer printed: query form CXSQSBH, proof ZMBH (real-estate 6.5). */
export function queryProperty(life: Life, { property, printedAt, ...course }: PropertyQueryPlan): void {
  const { books } = life;
  const day = compactDate(dayOfMoment(course.acceptedAt));
  openCase(life, {
    itemId: 'S03',
    ...course,
    references: [
      {
        system: 'real-estate',
        kind: 'property-query',
        reference: `SQ${day}${String(books.next(`property query ${day}`)).padStart(4, '0')}`,
        values: propertyValues(property),
      },
    ],
    end: {
      as: 'granted',
      at: printedAt,
      explanation: '查询结果已打印',
      certificateName: '不动产登记信息查询结果证明',
      certificateNumber: `XA${day}${String(books.next(`query proof ${day}`)).padStart(6, '0')}`,
    },
  });
}
