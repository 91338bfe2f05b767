package fr.relais.sweep;

/**
 * The progress of the current sweep.
 *
 * @param slices the number of proved slices
 * @param slicesKnown the number of all slices known so far, including the proved ones
 * @param offers the number of offers in the proved slices
 * @param offersKnown the number of offers in the proved slices and, as far as it can be estimated, in the other slices
 * @param calls the number of calls to the source since this process began or resumed the sweep
 */
public record Progress(int slices, int slicesKnown, int offers, int offersKnown, long calls) {}
