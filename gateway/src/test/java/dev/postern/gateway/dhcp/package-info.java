@NullMarked
package dev.postern.gateway.dhcp;

import org.jspecify.annotations.NullMarked;
