package io.nstack;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a function that takes a whole block: a list of inputs, and gives a list of as many results,
 * in order.
 *
 * <p>Its API line is that of one message, {@code score : Click -> Double}; its types are {@code
 * List<Click>} and {@code List<Double>}, or arrays.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Vectorised {}
