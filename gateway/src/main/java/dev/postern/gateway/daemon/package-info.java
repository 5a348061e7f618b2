/// The running gateway and the running client: threads, clocks and files around the pure core.
///
///     data plane threads --Input--> EndpointLoop (one thread) --Effect--> data plane, leases, return path, log
///
/// An [dev.postern.gateway.daemon.EndpointLoop] is the only thread that touches an endpoint. It takes inputs from a bounded
/// queue, gives each batch one instant, and carries the effects out in order.
@NullMarked
package dev.postern.gateway.daemon;

import org.jspecify.annotations.NullMarked;
