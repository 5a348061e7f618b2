/// The ticket service over real sockets on loopback.
@NullMarked
package dev.postern.gateway.tickets;

import org.jspecify.annotations.NullMarked;
