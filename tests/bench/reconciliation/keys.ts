export const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };
