/// The ticket service of a secure domain (draft-dondeti-ipsec-failover-sol-00 section 6.1): gateways
/// that hold no TGS key have their tickets sealed and opened by it, over mutually authenticated TLS
/// 1.3.
///
///     gateway                                       service
///     IkeEndpoint -- Ask.OfTicketService --> TicketServiceClient ==TLS==> TicketServiceServer --> TicketGrantingService
///
/// Questions of one connection are numbered and answered in their order; [TicketFrame] is the wire.
@NullMarked
package dev.postern.gateway.tickets;

import org.jspecify.annotations.NullMarked;
