/// `postern pki`: an authority in a directory, certificates for gateways and clients, revocation.
/// One file a command; [dev.postern.cli.pki.AuthorityDirectory] is what they all work on,
/// [dev.postern.cli.pki.Ledger] what it remembers. What is signed is made in
/// [dev.postern.pki.issue].
@NullMarked
package dev.postern.cli.pki;

import org.jspecify.annotations.NullMarked;
