import { ContactError } from './contact.errors.js';

const READ_IT: { en: string; ja: string } = { en: 'Read the note again.', ja: 'メモを再表示してください。' };

export class NoteNotFound extends ContactError {
  constructor() {
    super(
      'note_not_found',
      404,
      { en: 'Note not found', ja: 'メモが見つかりません' },
      { en: 'There is no such note, or not one that you may see.', ja: 'このメモは存在しないか、閲覧できません。' },
      { en: 'Look at the page of the holder.', ja: '保有者の画面で確認してください。' },
    );
  }
}

export class NoteChanged extends ContactError {
  constructor(currentVersion: number) {
    super(
      'note_changed',
      409,
      { en: 'The note reads differently by now', ja: 'メモが更新されています' },
      { en: 'The version that you changed is not the last one.', ja: '編集元の版は最新ではありません。' },
      READ_IT,
      { currentVersion },
    );
  }
}

export class NoteRedacted extends ContactError {
  constructor() {
    super(
      'note_redacted',
      409,
      { en: 'The note was redacted', ja: 'メモは削除済みです' },
      { en: 'Its text is destroyed for good.', ja: '本文は完全に削除されています。' },
      { en: 'Write another note.', ja: '新しいメモを作成してください。' },
    );
  }
}

export class NoteForOtherReaders extends ContactError {
  constructor() {
    super(
      'note_for_other_readers',
      409,
      { en: 'This is for other readers', ja: '閲覧範囲が異なります' },
      {
        en: 'What compliance writes is read by compliance alone, and this was written by others.',
        ja: 'コンプライアンスの記録は同部門のみが閲覧し、これは他部門の記録です。',
      },
      { en: 'Write a note of your own on the holder.', ja: '保有者に対して新しいメモを作成してください。' },
    );
  }
}
