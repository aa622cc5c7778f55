import type { Language } from '../platform/http/request-context.js';

/** How much of a customer number a mail carries: enough to be recognised by its owner, useless to others. */
const SHOWN_DIGITS = 4;

export interface CampaignTexts {
  readonly subjectJa: string;
  readonly subjectEn: string;
  readonly textJa: string;
  readonly textEn: string;
}

export interface Addressee {
  readonly customerNo: string;
  readonly name: string | null;
  readonly language: Language;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * What one holder reads. Only `{{name}}` and `{{customerNoEnd}}` are filled in; a name that itself looks like a
 * placeholder stays as it is, because each place is filled once. What comes from data is escaped in the HTML part.
 */
export function writeMail(texts: CampaignTexts, addressee: Addressee): MailText {
  const { language } = addressee;
  const values: Readonly<Record<string, string>> = {
    name: oneLine(addressee.name ?? (language === 'ja' ? 'お客様' : 'Customer')),
    customerNoEnd: [...addressee.customerNo].slice(-SHOWN_DIGITS).join(''),
  };
  const fill = (template: string) =>
    template.replace(/\{\{(name|customerNoEnd)\}\}/gu, (_place, key: string) => values[key] ?? '');
  const text = fill(language === 'ja' ? texts.textJa : texts.textEn);
  return { subject: fill(language === 'ja' ? texts.subjectJa : texts.subjectEn), text, html: toHtml(text, language) };
}

/** A name must not begin a new line of text or a further header. */
function oneLine(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

function toHtml(text: string, language: Language): string {
  const paragraphs = text
    .split(/\r?\n\s*\r?\n/u)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replace(/\r?\n/gu, '<br>')}</p>`);
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>${paragraphs.join('')}</body></html>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
