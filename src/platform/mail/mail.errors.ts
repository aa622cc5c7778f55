/** There is no mail server: nothing can be sent, and nothing was. */
export class MailNotConfigured extends Error {
  constructor() {
    super('SMTP_URL is not set, so no mail can be sent');
    this.name = 'MailNotConfigured';
  }
}

/** The mail was not accepted, or nobody knows. Its message never carries an address. */
export class MailRefused extends Error {
  /** The server said no for good: trying again is of no use. */
  readonly permanent: boolean;
  /** What the server answered; null when there was no answer, such as when it could not be reached. */
  readonly smtpCode: number | null;
  /** The text went out and the answer did not come: the mail may have been accepted. */
  readonly outcomeUnknown: boolean;

  constructor(how: { permanent: boolean; smtpCode: number | null; outcomeUnknown: boolean }) {
    super(how.outcomeUnknown ? 'the outcome is unknown' : `not accepted (${how.smtpCode ?? 'no answer'})`);
    this.name = 'MailRefused';
    this.permanent = how.permanent;
    this.smtpCode = how.smtpCode;
    this.outcomeUnknown = how.outcomeUnknown;
  }
}
