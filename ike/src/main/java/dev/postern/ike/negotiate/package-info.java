/// What two peers agree on: suites, selectors, addresses. Pure functions over proposals.
@NullMarked
package dev.postern.ike.negotiate;

import org.jspecify.annotations.NullMarked;
