/// The failover matrix on real processes: every failure, met by every way to recover, in both modes
/// of ESP, by every kind of authentication. [FailoverMatrixInTheLabTest] runs it.
@NullMarked
package dev.postern.lab.matrix;

import org.jspecify.annotations.NullMarked;
