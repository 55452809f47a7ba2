/** True once as many bytes have come as the frame announces (wire spec 1.1). */
export function isWholeFrame(received: Buffer): boolean {
  return received.length >= 8 && received.length >= Number(received.toString('latin1', 0, 8));
}
