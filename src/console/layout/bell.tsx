// The sign of the product.

import type { ReactNode } from 'react';

export function Bell(): ReactNode {
  return (
    <svg className="bell" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0b7285" />
      <path d="M9 21c2-2 2-4 2-7a5 5 0 0 1 10 0c0 3 0 5 2 7z" fill="#fff" />
      <circle cx="16" cy="24" r="2" fill="#fff" />
      <path d="M16 5v4" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
