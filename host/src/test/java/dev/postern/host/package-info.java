/// Tests of what a client changes on its host, where they need one in network namespaces of their
/// own.
@NullMarked
package dev.postern.host;

import org.jspecify.annotations.NullMarked;
