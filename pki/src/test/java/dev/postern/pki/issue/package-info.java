@NullMarked
package dev.postern.pki.issue;

import org.jspecify.annotations.NullMarked;
