/** The generated client under one name, so that only this file knows where it is generated. */
export * from './generated/client.js';
