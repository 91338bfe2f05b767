package fr.relais.sweep;

/**
 * How far the sweep under way is.
 *
 * @param slices slices proved
 * @param slicesKnown slices planned so far, the proved ones included
 * @param offers offers of the proved slices
 * @param offersKnown offers that the source is known or thought to hold
 * @param calls calls to the source since the sweep began
 */
public record Progress(int slices, int slicesKnown, int offers, int offersKnown, long calls) {}
