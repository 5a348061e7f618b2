@NullMarked
package dev.postern.cli.pki;

import org.jspecify.annotations.NullMarked;
