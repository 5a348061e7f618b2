/// What an authority makes (RFC 5280): certificates from a [dev.postern.pki.issue.Draft], its own
/// first one too, and lists of those that it has revoked. Instants, keys and randomness come in as
/// values, DER goes out; files and commands are elsewhere.
@NullMarked
package dev.postern.pki.issue;

import org.jspecify.annotations.NullMarked;
