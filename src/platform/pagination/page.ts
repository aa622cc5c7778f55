import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DomainError } from '../problem/domain-error.js';

class CursorInvalid extends DomainError {
  constructor() {
    super({
      code: 'cursor_invalid',
      status: 400,
      title: { en: 'The cursor is not one of ours', ja: 'カーソルが正しくありません' },
      detail: {
        en: 'Use nextCursor of the page before, unchanged, or start without a cursor.',
        ja: '直前のページの nextCursor をそのまま使うか、カーソルなしで最初から取得してください。',
      },
    });
  }
}

export class PageQuery {
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 100, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number from 1 to 100' })
  @Min(1, { message: 'limit must be a whole number from 1 to 100' })
  @Max(100, { message: 'limit must be a whole number from 1 to 100' })
  limit: number = 50;

  @ApiPropertyOptional({ description: 'nextCursor of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  cursor?: string;
}

export interface Page<T> {
  readonly items: T[];
  /** null on the last page. */
  readonly nextCursor: string | null;
}

/** `rows` were read with one more than `limit`, which tells whether there is a next page. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => string,
  view: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}

export function encodeCursor(key: string): string {
  return Buffer.from(`k:${key}`).toString('base64url');
}

/** The key behind a cursor; null for the first page. Errors: cursor_invalid. */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith('k:') || encodeCursor(text.slice(2)) !== cursor) throw new CursorInvalid();
  return text.slice(2);
}

/** As `decodeCursor`, for lists whose key is a bigint. Errors: cursor_invalid. */
export function decodeBigintCursor(cursor: string | undefined): bigint | null {
  const key = decodeCursor(cursor);
  if (key === null) return null;
  if (!/^\d{1,18}$/.test(key)) throw new CursorInvalid();
  return BigInt(key);
}

/** As `decodeCursor`, for lists whose key is a uuid. Errors: cursor_invalid. */
export function decodeUuidCursor(cursor: string | undefined): string | null {
  const key = decodeCursor(cursor);
  if (key !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) throw new CursorInvalid();
  return key;
}

/** As `decodeCursor`, for lists whose key has several parts; `read` answers null for what is none. Errors: cursor_invalid. */
export function decodePartsCursor<T>(cursor: string | undefined, read: (key: string) => T | null): T | null {
  const key = decodeCursor(cursor);
  if (key === null) return null;
  const parts = read(key);
  if (parts === null) throw new CursorInvalid();
  return parts;
}
