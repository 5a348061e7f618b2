/// Whole exchanges as hexadecimal digits, in docs/vectors, for whoever implements the protocol from
/// its text. [dev.postern.ike.vectors.ExchangeVectors] writes them,
/// [dev.postern.ike.vectors.IndependentReader] reads them with nothing of this project.
@NullMarked
package dev.postern.ike.vectors;

import org.jspecify.annotations.NullMarked;
