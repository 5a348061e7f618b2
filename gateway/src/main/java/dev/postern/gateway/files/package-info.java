/// Files that daemons write while they run.
@NullMarked
package dev.postern.gateway.files;

import org.jspecify.annotations.NullMarked;
