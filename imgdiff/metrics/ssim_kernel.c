/* SSIM of 8-bit samples under a uniform window, with the sample covariance: the terms of ssim_tiles.py.

   Sums are whole numbers, and what follows them is done step by step as NumPy does it: to be
   compiled without contraction, so that every value is the same to the last bit. */

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/* The fastest that the processor at hand knows; where a compiler can't choose, what all know. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__GNUC__)
#if __GNUC__ >= 12
#define FAST __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define FAST __attribute__((target_clones("avx2", "default")))
#endif
#else
#define FAST
#endif

/* Sums over columns of the window first, each row's taken along to the next, then over its rows.
   Those of a and b share a word: over 13² samples they are less than 2¹⁶. So do all products. */
INLINE void fill(
    const uint8_t *a, ptrdiff_t a_stride, const uint8_t *b, ptrdiff_t b_stride, int rows,
    int samples, int step, int side, float half_c1, float half_c2, uint32_t *restrict sums,
    float *out, ptrdiff_t out_stride)
{
    const int inner = samples - step * (side - 1), count = side * side;
    uint32_t *restrict both = sums, *restrict product = sums + samples;
    uint32_t *restrict square = sums + 2 * samples;
    for (int x = 0; x < 3 * samples; x++) sums[x] = 0;
    for (int y = 0; y < rows; y++) {
        const uint8_t *restrict i = a + y * a_stride, *restrict j = b + y * b_stride;
        if (y < side) {
            for (int x = 0; x < samples; x++) {
                uint16_t d = i[x] - j[x], ij = i[x] * j[x], dd = (uint32_t)d * d;
                both[x] += i[x] | (uint32_t)j[x] << 16, product[x] += ij, square[x] += dd;
            }
        } else {
            const uint8_t *restrict u = i - side * a_stride, *restrict v = j - side * b_stride;
            for (int x = 0; x < samples; x++) {
                uint16_t d = i[x] - j[x], ij = i[x] * j[x], dd = (uint32_t)d * d;
                uint16_t e = u[x] - v[x], uv = u[x] * v[x], ee = (uint32_t)e * e;
                both[x] += (i[x] | (uint32_t)j[x] << 16) - (u[x] | (uint32_t)v[x] << 16);
                product[x] += ij - uv, square[x] += dd - ee;
            }
        }
        if (y < side - 1) continue;
        float *restrict to = (float *)((char *)out + (y - side + 1) * out_stride);
        for (int x = 0; x < inner; x++) {
            uint32_t ab = 0, p2 = 0, d2 = 0;
            for (int n = x; n < x + step * side; n += step)
                ab += both[n], p2 += product[n], d2 += square[n];
            int32_t sum_a = ab & 0xffff, sum_b = ab >> 16;
            int32_t mean = sum_a * sum_b, apart = (sum_a - sum_b) * (sum_a - sum_b);
            float p = (float)mean, t = (float)apart;
            float k = (float)(int32_t)(count * p2 - mean), q = (float)(int32_t)(count * d2 - apart);
            p += half_c1, k += half_c2;
            t = t * 0.5f + p;
            q = q * 0.5f + k;
            to[x] = p * k / (t * q);
        }
    }
}

/* a, b: (rows, samples) with half a window around them, `step` samples to the pixel, strides in
   bytes. sums: room for 3 · samples. out: (rows − side + 1, samples − step · (side − 1)), S. */
FAST void imgdiff_ssim(
    const uint8_t *a, ptrdiff_t a_stride, const uint8_t *b, ptrdiff_t b_stride, int rows,
    int samples, int step, int side, float half_c1, float half_c2, uint32_t *sums, float *out,
    ptrdiff_t out_stride)
{
#define FILL(step, side) \
    fill(a, a_stride, b, b_stride, rows, samples, step, side, half_c1, half_c2, sums, out, out_stride)
    /* Numbers that are known make the loops quick. */
    if (side == 7 && step == 1) FILL(1, 7);
    else if (side == 7 && step == 3) FILL(3, 7);
    else FILL(step, side);
}
