struct Ca{int x=1;}; struct Cb{float y=2;};
struct Plan{int w=0; constexpr Plan with(int a) const {return {a};}};
inline constexpr Plan f32{}; inline constexpr Plan i8{1};
template <Ca C, Plan P=f32> struct M{ static constexpr int w=P.w;};
template <Cb C, Plan P=f32, bool Pool=true> struct N{ static constexpr int w=P.w;};
template <class T, Plan Q> struct Rebind;
template <template <auto, Plan> class T, auto C, Plan P, Plan Q> struct Rebind<T<C,P>,Q>{using type=T<C,Q>;};
template <template <auto, Plan, bool> class T, auto C, Plan P, bool B, Plan Q> struct Rebind<T<C,P,B>,Q>{using type=T<C,Q,B>;};
static_assert(Rebind<M<Ca{3}>,i8>::type::w==1);
static_assert(Rebind<N<Cb{3}>,i8.with(4)>::type::w==4);
int main(){}
