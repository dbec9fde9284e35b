package io.nstack.testing;

import java.util.List;
import java.util.Map;

/**
 * What became of a block.
 *
 * @param items the results in order, those that failed left out
 * @param failed the errors of the others by their index
 */
public record BlockOutcome(List<?> items, Map<Integer, CallError> failed) {}
