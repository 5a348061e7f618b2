/// Tokens of vouchers.
@NullMarked
package dev.postern.voucher;

import org.jspecify.annotations.NullMarked;
