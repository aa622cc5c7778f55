/** `46311127123` → `46,311,127,123`; what is behind a decimal point stays as it is. */
export function grouped(figure: string): string {
  const [whole = '', decimals] = figure.split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? thousands : `${thousands}.${decimals}`;
}

export const yen = (figure: string): string => `${grouped(figure)} JPY`;
export const xem = (figure: string): string => `${grouped(figure)} XEM`;
