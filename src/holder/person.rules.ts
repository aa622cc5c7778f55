/** How contact data is written; whatever is typed or uploaded is held to the same. */
export const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
export const PHONE = /^\+?[0-9][0-9 ()-]{5,24}$/;
