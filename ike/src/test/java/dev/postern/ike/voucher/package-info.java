/// Vouchers, and switches to another gateway that go by them.
@NullMarked
package dev.postern.ike.voucher;

import org.jspecify.annotations.NullMarked;
