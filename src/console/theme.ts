// How the console looks. Its colours are in base.css: Mantine would set them by an inline style sheet, which the server forbids.

import { createTheme, Modal, Tooltip } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'cyan',
  cursorType: 'pointer',
  components: {
    // Locking the scroll is done by an inline style sheet as well.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true } }),
    Tooltip: Tooltip.extend({ defaultProps: { multiline: true, maw: 320 } }),
  },
});
