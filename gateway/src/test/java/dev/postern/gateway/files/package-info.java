/// Files of which whoever reads them finds the old octets or the new ones, and locks that say who
/// uses one.
@NullMarked
package dev.postern.gateway.files;

import org.jspecify.annotations.NullMarked;
