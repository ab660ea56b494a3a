// Loops over blocks, compiled for several widths of vector registers.
//
// A function marked EDGECUT_VECTOR_CLONES is compiled for plain x86-64 and for the levels v3 (AVX2)
// and v4 (AVX-512) of the x86-64 ABI; the loader takes the widest that the machine has. The results
// are the same bits: IEEE 754 rounds every + - * / of a lane like a scalar one, and no compiler
// fuses or reorders them here (-ffp-contract=off, no -ffast-math). What may differ is the time
// only. Elsewhere (other machines and compilers, sanitizers, which cannot look into the loader's
// choice) the mark means nothing.
//
// Keep such functions small and without calls that are not inlined; loops over lanes that add up
// doubles would have to keep their order, so they add up integers.
#pragma once

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EDGECUT_VECTOR_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EDGECUT_VECTOR_CLONES
#endif
