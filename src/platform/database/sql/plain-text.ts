/** Postgres text cannot hold NUL; everything else passes. */
export const plainText = (text: string): string => text.replaceAll('\u0000', '');
