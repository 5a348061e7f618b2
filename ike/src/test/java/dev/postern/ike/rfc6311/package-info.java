/// RFC 6311, in both roles: the newly active member of a cluster, and its peer.
@NullMarked
package dev.postern.ike.rfc6311;

import org.jspecify.annotations.NullMarked;
