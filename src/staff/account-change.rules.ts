import type { AccountChange } from '../identity/staff-changes.js';
import type { ChangeStaffDto, RelativeDto } from '../identity/staff.dto.js';
import type { Role } from '../identity/role.js';

/** What of an account decides what its owner can reach, and who is told. */
export interface AccountNow {
  readonly role: Role;
  readonly status: 'active' | 'disabled';
  readonly customerNo: string | null;
  readonly mail: string | null;
  readonly lastDay: string | null;
  readonly oidcSubject: string | null;
  readonly relatives: readonly RelativeDto[];
}

/** What of a change takes two people, as it is kept until both have agreed. */
export interface Widening {
  readonly role?: Role;
  readonly status?: 'active';
  readonly customerNo?: string | null;
  readonly mail?: string | null;
  readonly lastDay?: string | null;
  readonly oidcSubject?: string;
  readonly relatives?: readonly RelativeDto[];
  readonly passwordReset?: true;
}

/**
 * Divides a change into what one person does at once, because it can only narrow what the account's owner may do, and
 * what another person has to agree to. Any other role widens: none of them contains another.
 */
export function divide(now: AccountNow, wanted: ChangeStaffDto): { atOnce: AccountChange; agreed: Widening } {
  const { role, status, customerNo, mail, lastDay, relatives, employer, team, oidcSubject } = wanted;
  const widensLastDay = now.lastDay !== null && (lastDay === null || (lastDay !== undefined && lastDay > now.lastDay));
  const dropped =
    relatives && now.relatives.filter(({ customerNo: no }) => !relatives.some((r) => r.customerNo === no));
  return {
    atOnce: {
      ...(employer === undefined ? {} : { employer }),
      ...(team === undefined ? {} : { team }),
      ...(status === 'disabled' ? { status } : {}),
      ...(customerNo && now.customerNo === null ? { customerNo } : {}),
      ...(lastDay && !widensLastDay ? { lastDay: new Date(lastDay) } : {}),
      ...(oidcSubject === null && now.oidcSubject !== null ? { oidcSubject } : {}),
      ...(relatives ? { relatives: [...relatives, ...(dropped ?? [])] } : {}),
    },
    agreed: {
      ...(role !== undefined && role !== now.role ? { role } : {}),
      ...(status === 'active' && now.status === 'disabled' ? { status } : {}),
      ...(customerNo !== undefined && now.customerNo !== null && customerNo !== now.customerNo ? { customerNo } : {}),
      ...(oidcSubject && oidcSubject !== now.oidcSubject ? { oidcSubject } : {}),
      ...(mail !== undefined && mail !== now.mail ? { mail } : {}),
      ...(widensLastDay && lastDay !== undefined ? { lastDay } : {}),
      ...(relatives && dropped && dropped.length > 0 ? { relatives } : {}),
    },
  };
}
