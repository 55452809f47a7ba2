import type { Operation } from './envelope.ts';
import type { XmlElement } from './xml.ts';

/** One request of the wire, ready to be put into a message as often as it takes. */
export interface Transaction<Result> {
  readonly operation: Operation;
  /** RecType 业务编码, seven digits. */
  readonly recType: string;
  /** RecFlowID: the acceptance number when there is one, else empty. */
  readonly flowId: string;
  /** What stands inside the request's Data. */
  readonly data: string;
  /** Names and numbers in it, to be starred in whatever the registry says about them. */
  readonly personal: readonly string[];
  /** Reads the Data of an answer with code 0000. Throws `DEPARTMENT_PROTOCOL`. */
  read(data: XmlElement): Result;
}
